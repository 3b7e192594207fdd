/**
 * Who works here and what they may do: people from arrival to departure ({@code person}), what can
 * be had and who has it ({@code entitlement}), how it is asked for and approved ({@code request},
 * {@code approval}), what nobody has together ({@code duty}), and whether it is still needed
 * ({@code review}) (R4); their accounts ({@code directory}), courses, premises and clients. Only
 * this service knows names; others refer to people by id, to accounts by subject, and learn of both
 * from events.
 */
package io.vigie.access;
