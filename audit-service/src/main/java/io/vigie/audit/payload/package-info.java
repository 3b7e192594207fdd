/**
 * What entries commit to, kept so that it can be erased: a payload and its salt are encrypted under
 * the key of the person they are about ({@link io.vigie.audit.payload.DataSubjects} says who that
 * is), and the keys ({@link io.vigie.audit.payload.PersonKeys}) live outside the database and its
 * backups. Whoever reads payloads opens them with {@link io.vigie.audit.payload.Payloads}.
 */
package io.vigie.audit.payload;
