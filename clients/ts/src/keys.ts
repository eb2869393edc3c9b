import type { Address } from '@solana/kit';
import {
    findCollateralPda,
    findCollateralVaultPda,
    findInsuranceFundPda,
    findLossBookPda,
    findPoolPda,
    findPoolVaultPda,
} from './generated/pdas/index.js';
import { TOKEN_PROGRAM } from './tokens.js';

/** A pool's address with those of the accounts that belong to it. */
export type PoolKey = {
    /** The market. */
    readonly market: Address;
    /** The liquidity token's mint. */
    readonly mint: Address;
    /** The pool. */
    readonly pool: Address;
    /** Its vault. */
    readonly vault: Address;
    /** Its insurance fund. */
    readonly insuranceFund: Address;
    /** Its loss book. */
    readonly lossBook: Address;
    /** The mint's token program. */
    readonly tokenProgram: Address;
};

/** A collateral's address with those of the accounts that belong to it. */
export type CollateralKey = {
    /** The collateral token's mint. */
    readonly mint: Address;
    /** The collateral. */
    readonly collateral: Address;
    /** Its vault. */
    readonly vault: Address;
    /** The mint's token program. */
    readonly tokenProgram: Address;
};

/**
 * The pool of a mint in a market.
 *
 * @param tokenProgram The mint's token program, which {@link fetchTokenProgram} finds; SPL Token if it is not given.
 */
export async function poolKey(market: Address, mint: Address, tokenProgram: Address = TOKEN_PROGRAM): Promise<PoolKey> {
    const [pool] = await findPoolPda({ market, mint });
    const [[vault], [insuranceFund], [lossBook]] = await Promise.all([
        findPoolVaultPda({ pool }),
        findInsuranceFundPda({ pool }),
        findLossBookPda({ pool }),
    ]);
    return { market, mint, pool, vault, insuranceFund, lossBook, tokenProgram };
}

/**
 * The collateral of a mint in a pool.
 *
 * @param tokenProgram The mint's token program, which {@link fetchTokenProgram} finds; SPL Token if it is not given.
 */
export async function collateralKey(
    pool: Address,
    mint: Address,
    tokenProgram: Address = TOKEN_PROGRAM,
): Promise<CollateralKey> {
    const [collateral] = await findCollateralPda({ pool, mint });
    const [vault] = await findCollateralVaultPda({ collateral });
    return { mint, collateral, vault, tokenProgram };
}
