//! Surfpool: its start, its threads and its end.

use std::{
    fs,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::Duration,
};

use surfpool_core::{
    runloops::start_local_surfnet_runloop,
    surfnet::{
        GeyserEvent,
        locker::SurfnetSvmLocker,
        svm::{SurfnetSvm, SurfnetSvmConfig},
    },
};
use surfpool_types::{
    BlockProductionMode, RpcConfig, SimnetCommand, SimnetConfig, SimnetEvent, SurfpoolConfig, channel,
};

use backstop_client::PROGRAM_ID;
use backstop_testkit::BUILT_PROGRAM;
use solana_signer::Signer;

use crate::{
    ACTORS, LocalnetError, Program, accounts,
    feeder::{Mailbox, Message},
    keypair,
};

/// Blocks that lie behind the cluster when it starts, so that there is a finalized one.
const FIRST_BLOCKS: usize = 40;
/// How long starting and ending may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Surfpool ticks by itself in blocks that it makes by its clock. Here it makes none, and its clock sleeps.
const NEVER: u64 = u64::MAX;

/// Where the two servers are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports {
    pub(crate) rpc: SocketAddr,
    pub(crate) websocket: SocketAddr,
}

/// Finds out which ports are to be had; 0 is any.
pub(crate) fn ports(rpc: u16, websocket: u16) -> Result<Ports, LocalnetError> {
    let bind = |port| {
        let listener = TcpListener::bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
        listener.map_err(|source| LocalnetError::Port { port, source })
    };
    // Both are held until both are known, so that they differ.
    let (rpc, websocket) = (bind(rpc)?, bind(websocket)?);
    let address = |listener: &TcpListener| listener.local_addr().map_err(LocalnetError::broken);
    Ok(Ports { rpc: address(&rpc)?, websocket: address(&websocket)? })
}

/// The program's bytes, if there is to be one, with where they come from.
pub(crate) fn program(program: &Program) -> Result<Option<(String, Vec<u8>)>, LocalnetError> {
    match program {
        Program::None => Ok(None),
        Program::BuiltIn => Ok(Some(("the built-in program".into(), BUILT_PROGRAM.into()))),
        Program::File(path) => {
            let read = fs::read(path);
            let read = read.map_err(|source| LocalnetError::File { path: path.clone(), verb: "read", source })?;
            Ok(Some((path.display().to_string(), read)))
        }
    }
}

/// A chain that has not started, with the channels that its events come by.
pub(crate) struct Genesis {
    svm: SurfnetSvm,
    events: channel::Receiver<SimnetEvent>,
    geyser: channel::Receiver<GeyserEvent>,
}

/// The chain as it starts: its time, the program, the actors with what they have, and what `prices` puts there.
pub(crate) fn genesis(
    start: i64,
    slot_time: Duration,
    program: Option<(String, Vec<u8>)>,
    prices: impl FnOnce(&mut SurfnetSvm) -> Result<(), LocalnetError>,
) -> Result<Genesis, LocalnetError> {
    let config = SurfnetSvmConfig {
        slot_time: u64::try_from(slot_time.as_millis()).unwrap_or(u64::MAX).max(1),
        instruction_profiling_enabled: false,
        max_profiles: 1,
        ..Default::default()
    };
    let (mut svm, events, geyser) = SurfnetSvm::new(config).map_err(LocalnetError::broken)?;
    for _ in 0..FIRST_BLOCKS {
        svm.confirm_current_block().map_err(LocalnetError::broken)?;
    }
    svm.updated_at = u64::try_from(start).unwrap_or(0).saturating_mul(1_000).saturating_sub(svm.slot_time);
    svm.confirm_current_block().map_err(LocalnetError::broken)?;
    if let Some((what, code)) = program {
        for (address, account) in accounts::program(&PROGRAM_ID, &keypair("authority").pubkey(), &code) {
            let error = |why: String| LocalnetError::Program { what: what.clone(), why };
            svm.set_account(&address, account).map_err(|why| error(why.to_string()))?;
        }
    }
    for (address, account) in crate::genesis_accounts(&ACTORS) {
        svm.set_account(&address, account).map_err(LocalnetError::broken)?;
    }
    prices(&mut svm)?;
    Ok(Genesis { svm, events, geyser })
}

/// Surfpool's threads.
pub(crate) struct Surfnet {
    ports: Ports,
    locker: SurfnetSvmLocker,
    commands: channel::Sender<SimnetCommand>,
    reports: Receiver<Report>,
    runloop: Option<JoinHandle<()>>,
    listener: Option<JoinHandle<()>>,
}

/// What the threads report.
enum Report {
    Started,
    ServerClosed,
    Failed(String),
}

impl Surfnet {
    /// Starts its threads and waits until both servers answer. Returns the mailbox that news of the clock go to.
    pub(crate) fn start(genesis: Genesis, ports: Ports) -> Result<(Self, Mailbox), LocalnetError> {
        let Genesis { svm, events, geyser } = genesis;
        let locker = SurfnetSvmLocker::new(svm);
        let (commands, command_inbox) = channel::unbounded();
        let (report, reports) = mpsc::channel();
        let (clock, clock_inbox) = mpsc::channel();
        let listener = {
            let (report, clock) = (report.clone(), clock.clone());
            spawn("localnet events", move || listen(&events, &report, &clock))?
        };
        let runloop = {
            let (locker, commands, config) = (locker.clone(), commands.clone(), config(ports));
            spawn("localnet runloop", move || {
                let run = || {
                    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
                    runtime.block_on(start_local_surfnet_runloop(locker, config, commands, command_inbox, geyser))
                };
                if let Err(error) = run() {
                    // Nobody listens once the cluster ends.
                    let _ = report.send(Report::Failed(error.to_string()));
                }
            })?
        };
        let surfnet = Self { ports, locker, commands, reports, runloop: Some(runloop), listener: Some(listener) };
        match surfnet.reports.recv_timeout(PATIENCE) {
            Ok(Report::Started) => Ok((surfnet, (clock, clock_inbox))),
            Ok(Report::Failed(why)) => Err(LocalnetError::Broken(why)),
            Ok(Report::ServerClosed) | Err(RecvTimeoutError::Disconnected) => {
                Err(LocalnetError::broken("it closed while it started"))
            }
            Err(RecvTimeoutError::Timeout) => Err(LocalnetError::broken("it did not start in time")),
        }
    }

    pub(crate) fn ports(&self) -> Ports {
        self.ports
    }

    pub(crate) fn locker(&self) -> SurfnetSvmLocker {
        self.locker.clone()
    }

    pub(crate) fn is_running(&self) -> bool {
        self.runloop.as_ref().is_some_and(|runloop| !runloop.is_finished())
    }

    /// Ends its threads and waits until both servers are closed.
    pub(crate) fn stop(&mut self) -> Result<(), LocalnetError> {
        let Some(runloop) = self.runloop.take() else { return Ok(()) };
        // It is gone already if the runloop failed.
        let _ = self.commands.send(SimnetCommand::Terminate(None));
        runloop.join().map_err(|_| LocalnetError::broken("the runloop panicked"))?;
        for _ in [self.ports.rpc, self.ports.websocket] {
            match self.reports.recv_timeout(PATIENCE) {
                Ok(Report::ServerClosed) => {}
                Ok(Report::Failed(why)) => return Err(LocalnetError::Broken(why)),
                Ok(Report::Started) | Err(_) => return Err(LocalnetError::broken("a server did not close in time")),
            }
        }
        // The listener ends with the second server.
        self.listener
            .take()
            .map_or(Ok(()), JoinHandle::join)
            .map_err(|_| LocalnetError::broken("the listener panicked"))
    }
}

impl Drop for Surfnet {
    fn drop(&mut self) {
        // Whoever wants to know calls `stop`.
        let _ = self.stop();
    }
}

impl std::fmt::Debug for Surfnet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surfnet").field("ports", &self.ports).finish_non_exhaustive()
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, LocalnetError> {
    thread::Builder::new().name(name.into()).spawn(run).map_err(LocalnetError::broken)
}

/// Passes on what matters of Surfpool's events, until both servers are closed. It never waits for the chain's lock: who
/// sends may hold it.
fn listen(events: &channel::Receiver<SimnetEvent>, report: &Sender<Report>, clock: &Sender<Message>) {
    let mut closed = 0_u8;
    while let Ok(event) = events.recv() {
        // Nobody listens once the cluster ends.
        let _ = match event {
            SimnetEvent::CoreStarted(_) => report.send(Report::Started).is_ok(),
            SimnetEvent::Aborted(why) => report.send(Report::Failed(why)).is_ok(),
            SimnetEvent::SystemClockUpdated(now) => clock.send(Message::Clock { slot: now.slot }).is_ok(),
            SimnetEvent::Shutdown => {
                closed = closed.saturating_add(1);
                report.send(Report::ServerClosed).is_ok()
            }
            _ => true,
        };
        if closed == 2 {
            return;
        }
    }
}

/// Offline, and no blocks but those that the feeder makes.
fn config(ports: Ports) -> SurfpoolConfig {
    SurfpoolConfig {
        simnets: vec![SimnetConfig {
            offline_mode: true,
            remote_rpc_url: None,
            slot_time: NEVER,
            block_production_mode: BlockProductionMode::Manual,
            instruction_profiling_enabled: false,
            max_profiles: 1,
            ..Default::default()
        }],
        rpc: RpcConfig {
            bind_host: ports.rpc.ip().to_string(),
            bind_port: ports.rpc.port(),
            ws_port: ports.websocket.port(),
            ..Default::default()
        },
        ..Default::default()
    }
}
