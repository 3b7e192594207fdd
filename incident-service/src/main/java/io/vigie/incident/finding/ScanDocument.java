package io.vigie.incident.finding;

import java.util.List;

/**
 * A document that was read.
 *
 * @param digest SHA-256 of it
 * @param runs what each tool in it says
 */
record ScanDocument(String digest, List<ScanRun> runs) {}
