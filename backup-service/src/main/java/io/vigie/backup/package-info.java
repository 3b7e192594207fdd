/**
 * Whether what the agency runs can be had back. {@code plan} holds every asset's copies against the
 * rules and finds the run that did not come, {@code run} takes in what tools report, {@code copy}
 * tells where a copy is (R11.8, R12.1, R12.2). {@code restore} tests whether it can be had back,
 * and how soon (R12.5). {@code vault} says who may touch copies, for how long and why (R12.4), and
 * when none is deleted; {@code continuity} what must go on, and how that was exercised (R14.2,
 * R14.4).
 */
package io.vigie.backup;
