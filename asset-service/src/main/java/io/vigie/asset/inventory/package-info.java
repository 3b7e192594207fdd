/**
 * The register: each asset with its kind's attributes, its four levels (its own, and those
 * inherited from what depends on it), an owner who answers for it, a custodian who has it, and a
 * state from order to disposal (R3.1 to R3.3). {@link io.vigie.asset.inventory.Asset} decides; what
 * it decided are {@link io.vigie.asset.inventory.AssetEvent}s.
 */
package io.vigie.asset.inventory;
