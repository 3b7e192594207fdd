/**
 * The people of the agency: each a natural person with at most one account, announced, present or
 * gone (R4.1, R4.4), and the accounts of programs, for each of which one person answers. First and
 * last days that lie ahead come by themselves, and so do moves to another manager or site.
 *
 * <p>Knows nothing of rights. Whoever gives a person something that the departure takes away holds
 * the person meanwhile ({@link io.vigie.access.person.Person#hold}), and takes it away when told
 * that they left ({@link io.vigie.access.person.PersonObserver}).
 */
package io.vigie.access.person;
