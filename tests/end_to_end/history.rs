//! What happened, as the chain tells it.

use std::collections::BTreeMap;

use backstop_client::{Event, Liquidated, LossBook, LossRecorded, Pool, logs};
use backstop_engine::{
    fixed::Q64,
    insurance::{Fund, InsuranceLimits},
    pool::Totals,
    quantity::{Assets, Bps, DebtShares, Shares},
    usage::Usage,
    waterfall,
};
use solana_address::Address;
use solana_rpc_client_api::config::RpcTransactionConfig;
use solana_signature::Signature;
use solana_transaction_status_client_types::{UiTransactionEncoding, option_serializer::OptionSerializer};

use crate::fixtures::{Chain, Stage};

/// Every transaction that touched the pool and succeeded, the oldest first, with its events.
pub(crate) struct History(Vec<(Signature, Vec<Event>)>);

impl History {
    pub(crate) async fn read<C: Chain>(stage: &Stage<C>) -> Self {
        let rpc = stage.cluster.rpc();
        let mut transactions = Vec::new();
        let reported = rpc.get_signatures_for_address(&stage.key.pool).await.unwrap();
        assert!(reported.len() < 1_000, "the history is longer than one answer tells");
        for one in reported.iter().rev().filter(|one| one.err.is_none()) {
            let signature: Signature = one.signature.parse().unwrap();
            let config = RpcTransactionConfig {
                encoding: Some(UiTransactionEncoding::Base64),
                commitment: Some(stage.cluster.commitment()),
                max_supported_transaction_version: Some(0),
            };
            let transaction = rpc.get_transaction_with_config(&signature, config).await.unwrap();
            let OptionSerializer::Some(lines) = transaction.transaction.meta.unwrap().log_messages else {
                panic!("{signature} has no logs")
            };
            let logged = logs::read(&lines);
            assert!(!logged.truncated, "{signature} has cut logs");
            transactions.push((signature, logged.events));
        }
        Self(transactions)
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.0.iter().flat_map(|(_, events)| events)
    }

    /// How many liquidations there were.
    pub(crate) fn liquidations(&self) -> usize {
        self.events().filter(|event| matches!(event, Event::Liquidated(_))).count()
    }

    /// How many losses were recorded of each obligation.
    pub(crate) fn losses(&self) -> BTreeMap<Address, usize> {
        let mut losses = BTreeMap::new();
        for event in self.events() {
            if let Event::LossRecorded(loss) = event {
                *losses.entry(loss.obligation).or_default() += 1;
            }
        }
        losses
    }

    /// What must hold of every history: nothing lost, nothing twice.
    pub(crate) async fn check<C: Chain>(&self, stage: &Stage<C>) {
        let mut signatures: Vec<_> = self.0.iter().map(|(signature, _)| *signature).collect();
        signatures.sort_unstable();
        signatures.dedup();
        assert_eq!(signatures.len(), self.0.len(), "a transaction stands in the history twice");

        let pool: Pool = stage.cluster.account(&stage.key.pool).await.unwrap();
        let book: LossBook = stage.cluster.account(&stage.key.loss_book).await.unwrap();
        let recorded: Vec<_> = self.recorded(&pool).into_iter().map(|(_, loss, _)| loss).collect();
        let sequence: Vec<_> = recorded.iter().map(|loss| loss.sequence).collect();
        let expected: Vec<_> = (1..=pool.losses).collect();
        assert_eq!(sequence, expected, "losses are numbered without a gap, and none is there twice");
        assert_eq!(recorded.iter().map(|loss| loss.loss).sum::<u64>(), pool.lost, "all losses together");
        let numbered: Vec<_> = recorded.iter().map(|loss| loss.number).filter(|number| *number != 0).collect();
        assert_eq!(numbered, (1..=u64::from(book.count())).collect::<Vec<_>>(), "the loss book has each of them");
        assert_eq!(pool.uncovered, 0);
        for loss in &recorded {
            let borne = loss.from_reserves + loss.from_insurance + loss.to_lps + loss.uncovered;
            assert_eq!(loss.loss, borne, "loss {}: the parts are the whole", loss.sequence);
        }
        self.check_splits(&pool, &book);
        self.check_marks(stage, &pool).await;
        self.check_vault(stage, &pool).await;
    }

    /// The losses by their numbers, each with the liquidation that recorded it, if one did, and the loss-sharing ratio
    /// of the time. (The node tells transactions by their slots; within one slot, in no order.)
    fn recorded(&self, pool: &Pool) -> Vec<(Option<&Liquidated>, &LossRecorded, Bps)> {
        let mut share = Bps::new(pool.parameters.loss.insurance_share_bps);
        let mut losses = Vec::new();
        for (_, events) in &self.0 {
            let mut liquidated = None;
            for event in events {
                match event {
                    Event::RiskRefreshed(risk) => share = Bps::new(risk.insurance_share_bps.try_into().unwrap()),
                    Event::Liquidated(before) => liquidated = Some(before),
                    Event::LossRecorded(loss) => losses.push((liquidated.take(), loss, share)),
                    _ => {}
                }
            }
        }
        losses.sort_by_key(|(_, loss, _)| loss.sequence);
        losses
    }

    /// A loss that a liquidation recorded in the same step was split as the engine previews from the state that the
    /// liquidation left, which its event tells; what the fund had drawn before, earlier losses tell.
    fn check_splits(&self, pool: &Pool, book: &LossBook) {
        let (mut window, seconds) = (Fund::default(), u64::from(pool.parameters.exit.window_seconds));
        for (liquidated, loss, share) in self.recorded(pool) {
            let Some(record) = u32::try_from(loss.number).ok().and_then(|number| book.loss(number)) else { continue };
            let at = record.at;
            // What the fund held: what it holds now, and what it gave. Its revenue was settled before.
            let fund = Fund { assets: Assets::new(loss.insurance_assets + loss.from_insurance), ..window };
            if let Some(before) = liquidated {
                check_split(pool, share, &fund, before, loss, at);
            }
            if loss.from_insurance != 0 {
                window.draws = window.draws.plus(Assets::new(loss.from_insurance), seconds, at).unwrap();
            }
        }
    }

    /// What is marked is the sum of the marks of all obligations.
    async fn check_marks<C: Chain>(&self, stage: &Stage<C>, pool: &Pool) {
        let marked: u64 = stage.obligations().await.iter().map(|(_, obligation)| obligation.marked).sum();
        assert_eq!(pool.marked, marked, "the sum of marks");
    }

    /// The vault holds exactly what is owed out of it: nobody donated.
    async fn check_vault<C: Chain>(&self, stage: &Stage<C>, pool: &Pool) {
        let fund = stage.snapshot().await.fund;
        let owed = pool.cash + pool.insurance_due + pool.unclaimed + fund.assets;
        assert_eq!(stage.balance(&stage.key.vault).await, owed, "the vault");
        let held: u64 =
            stage.obligations().await.iter().map(|(_, obligation)| obligation.units_of(&stage.sol.collateral)).sum();
        assert_eq!(stage.balance(&stage.sol.vault).await, held, "the collateral's vault");
    }
}

fn check_split(pool: &Pool, share: Bps, fund: &Fund, before: &Liquidated, loss: &LossRecorded, at: i64) {
    let state = &before.state;
    let totals = Totals {
        cash: Assets::new(state.cash),
        debt_shares: DebtShares::new(state.debt_shares),
        borrow_index: Q64::from_bits(state.borrow_index),
        shares: Shares::new(state.shares),
        generation: 0,
        reserves: Assets::new(state.reserves),
        insurance_due: Assets::ZERO,
        insurance_owed: Assets::new(state.insurance_owed),
        accrued_at: at,
        usage: Usage::default(),
    };
    let limits = InsuranceLimits { share, ..pool.insurance() };
    // What is not lost of the debt goes on.
    let lost = state.debt_shares - loss.state.debt_shares;
    assert!(lost <= before.debt_shares, "loss {}", loss.sequence);
    let split = waterfall::allocate(&totals, fund, &limits, DebtShares::new(lost), at).unwrap();
    let parts = [split.loss.loss, split.loss.from_reserves, split.loss.from_insurance, split.loss.to_lps];
    let reported = [loss.loss, loss.from_reserves, loss.from_insurance, loss.to_lps];
    assert_eq!(parts.map(Assets::get), reported, "loss {}", loss.sequence);
}
