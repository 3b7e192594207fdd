/**
 * What people may do with assets (R4.5). The catalogue says what they can get: entitlements, and
 * business profiles, which are bundles of them. A right is that somebody has an entitlement on one
 * ground: a profile that they hold gives it, or they asked for it and somebody who neither asked
 * nor gets it approved (R4.6). It ends by revocation, by time, when its ground is gone, or with the
 * departure of its holder. Rights of profiles are never decided about one by one: {@code
 * Recomputation} brings them to what the profiles give.
 *
 * <p>Locks are taken in one order: people by id, profiles, entitlements, assets, assignments,
 * rights. A request and an approval share the person's row and the entitlement's. What changes
 * somebody's profiles, or takes all their rights, has the person alone, and shares the profiles and
 * entitlements that it looks at; what changes one of these has it alone, and marks those whose
 * rights follow ({@code RightsDue}). So each either comes before the other, which then sees it, or
 * waits for it.
 */
package io.vigie.access.entitlement;
