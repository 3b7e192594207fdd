/**
 * The offline verifier of the traceability log: it reads what an auditor was handed (an export, a
 * receipt) or a whole log over HTTP, and says whether it is the log it claims to be. As a witness
 * it cosigns what a log publishes, so that the log cannot show two histories.
 *
 * <p>It depends on {@code java.*} alone (and the witness on the JDK's HTTP server) and shares no
 * code with the service that writes the log, so that a mistake or a fraud there is not repeated
 * here. It trusts nothing it reads: every input is bounded, every malformed input is an answer with
 * an index and a reason, never an exception to the caller. Memory does not grow with the size of
 * the log.
 *
 * <p>Formats are those of C2SP: signed-note, tlog-checkpoint, tlog-tiles, tlog-proof, tlog-witness
 * and, of tlog-cosignature, cosignature/v1 (Ed25519). Its ML-DSA-44 is waived: only Java runtimes
 * from 24 on have the algorithm, and this runs on 17.
 */
package io.vigie.verifier;
