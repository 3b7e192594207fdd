/**
 * What the agency owns and relies on, from purchase to proven disposal (R3), and what is known of
 * it: one package for each feature. The register of assets is {@link io.vigie.asset.inventory}; the
 * other packages refer to its assets by id. Other services learn of all of it from events.
 */
package io.vigie.asset;
