/**
 * Those whom the agency relies on (R8.1, R8.2): suppliers, the contracts that bind them and the
 * security clauses in these, how they are assessed, whom they rely on in turn, and what went wrong
 * with them. A supplier is approved by somebody who did not propose it, once its live contracts
 * have the mandatory clauses for what it does, or an exception with an end allows it meanwhile.
 *
 * <p>The supplier is the aggregate: what stands under it changes under its version, so that two
 * people never decide on the same ground at once. What is live or overdue follows from the day and
 * is computed when it is asked for. People outside, such as contacts, are in no event.
 */
package io.vigie.asset.supplier;
