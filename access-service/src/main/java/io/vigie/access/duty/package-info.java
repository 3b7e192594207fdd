/**
 * Separation of duties (R4.6). A rule names two or more sets of entitlements that nobody may have
 * at once, anywhere or on one asset; whoever has one of each set is in conflict. Rules of the
 * policy ({@code duty-history.json}) say the same of what somebody did: two acts on one matter that
 * one account must not both have done.
 *
 * <p>A request and an approval are checked at once ({@code RightDuties}). All else, such as what
 * profiles give, a rule that changes, time, is found afterwards: whatever changes leaves a mark
 * ({@code DutiesDue}), and the conflicts of those concerned are brought to what the rights are, by
 * the same few statements for one person or many ({@code DutyEvaluation}). The database keeps which
 * entitlement is on which side of which rule, and marks rules whose sides change.
 *
 * <p>Locks are taken in one order: people by id, then conflicts. Marks are rows that are only ever
 * added and taken away, so nobody waits for one.
 */
package io.vigie.access.duty;
