/**
 * Who works here and what they may do: people from arrival to departure ({@code person}), what can
 * be had and who has it ({@code entitlement}), how it is asked for and approved ({@code request},
 * {@code approval}), what nobody has together ({@code duty}), and whether it is still needed
 * ({@code review}) (R4); their accounts ({@code directory}), courses, premises and clients. Only
 * this service knows names; others refer to people by id, to accounts by subject, and learn of both
 * from events.
 *
 * <p>Whatever locks rows of several kinds locks people first, then their rights, then what depends
 * on these: badges, then visits; of one kind in the order of their ids. Whoever loses a right loses
 * the badge with it, in the transaction that has the right locked.
 */
package io.vigie.access;
