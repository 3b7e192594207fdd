/**
 * Who works here and what they may do: people from arrival to departure ({@code person}), and their
 * rights on assets from request to end ({@code entitlement}) (R4). Only this service knows names;
 * others refer to people by id, to accounts by subject, and learn of both from events.
 */
package io.vigie.access;
