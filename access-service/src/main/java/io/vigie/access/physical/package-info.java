/**
 * The premises (R6): zones and their doors, badges, keys, visits, what the doors told, and rounds
 * that look at desks. Who may enter a zone is a right like any other, on the zone's id; a badge or
 * a key opens nothing by itself. A badge is one person's for ever, and of those that a person has
 * had one opens doors. Visitors have a host, a plan that somebody else approves, and an end.
 *
 * <p>Readers of doors tell passages, by the thousand; these are kept as told, once each, and only
 * what is wrong with one becomes an event.
 */
package io.vigie.access.physical;
