/**
 * What the agency owns and relies on: each asset registered, classified on four axes, owned by
 * someone, in a known state from purchase to disposal (R3). Other services refer to assets by id
 * and learn of them from {@link io.vigie.asset.AssetEvent}s.
 */
package io.vigie.asset;
