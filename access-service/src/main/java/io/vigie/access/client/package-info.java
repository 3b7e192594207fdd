/**
 * Those who entrust data to the agency (R1.2), and who may touch it (R10.3): clients with their
 * contract, what they entrust and where it is, how soon they must be told of a breach and whom; and
 * accesses to their data, each for a purpose that the client gave, in the contract or by an
 * instruction that is on file, for one person and a time, asked for by one and approved by another.
 * There is none without purpose, and none outlasts its purpose: it ends with its time, with the
 * contract whose clause it rests on, with the client, and with the person's departure.
 *
 * <p>Locks are taken in one order: the person, the client, then accesses by id. A request and an
 * approval share the client's row, its ending takes it alone; so each either comes before the
 * ending, which then finds and revokes the access, or after it, and is refused.
 *
 * <p>A client's name and its contact stand in no event: only this service knows them.
 */
package io.vigie.access.client;
