/**
 * The people of the agency: each a natural person with at most one account, present or gone (R4.1,
 * R4.4). Knows nothing of rights; whoever gives a person something that the departure takes away
 * holds the person meanwhile ({@link io.vigie.access.people.Person#hold}).
 */
package io.vigie.access.people;
