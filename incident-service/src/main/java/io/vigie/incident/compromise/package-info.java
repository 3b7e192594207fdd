/**
 * Assets on which an incident's malicious code is, or was: since when, until the CISO says that
 * they are clean. What holds copies of such an asset must not let go of any from before that time
 * meanwhile: the events say so, each under the id of the compromise, with the asset. An asset is
 * compromised while one compromise of it is declared, of whatever incident; the earliest counts.
 *
 * <p>Why stands in the incident's timeline, and who may know of the incident may know of these.
 */
package io.vigie.incident.compromise;
