/**
 * Clients at work while things break, and the books balanced afterwards.
 *
 * <p>{@link io.vigie.chaos.ChaosRun} starts the packaged platform, lets clients walk through {@link
 * io.vigie.chaos.Journey journeys} while {@link io.vigie.chaos.Faults} strike as a seeded {@link
 * io.vigie.chaos.Schedule} says, and compares what the {@link io.vigie.chaos.Ledger} says was
 * answered with what the log, the services and their read models hold. A new domain adds its
 * journey to {@link io.vigie.chaos.Load}, its objects to {@link io.vigie.chaos.Kind} and what it
 * knows of others to {@link io.vigie.chaos.ReadModel}.
 */
package io.vigie.chaos;
