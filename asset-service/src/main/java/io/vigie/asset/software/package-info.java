/**
 * What software the agency runs, and which advisories concern it (R11.9, R11.15): the bill of
 * materials of each asset, components kept once each by package URL; advisories as CSAF or OSV; and
 * a {@link io.vigie.asset.software.Vulnerability} wherever an advisory's range holds a component in
 * use, which somebody assesses and mends by its due date.
 *
 * <p>A bill and an advisory that come at the same time would miss each other. So both take one lock
 * before they look, {@link io.vigie.asset.software.Matching#begin()}, until their transactions end.
 */
package io.vigie.asset.software;
