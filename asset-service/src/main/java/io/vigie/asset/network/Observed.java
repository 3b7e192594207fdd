package io.vigie.asset.network;

/**
 * What was seen.
 *
 * @param port 0 for ICMP
 */
record Observed(Way way, int port) {}
