/**
 * The offline verifier of the traceability log: it reads what an auditor was handed (an export, a
 * proof) and says whether it is the log it claims to be.
 *
 * <p>It depends on {@code java.*} alone and shares no code with the service that writes the log, so
 * that a mistake or a fraud there is not repeated here. It trusts nothing it reads: every input is
 * bounded, every malformed input is an answer with an index and a reason, never an exception to the
 * caller. Memory does not grow with the size of the log.
 */
package io.vigie.verifier;
