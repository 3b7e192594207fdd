/**
 * What may talk to what, and what does (R9.1 to R9.4, R11.5): zones with their addresses, flows
 * that somebody asked for and somebody else approved, flows that tools have seen, and the findings
 * where these contradict each other or the rules.
 */
package io.vigie.asset.network;
