/**
 * What went wrong, or may have: anyone reports a <em>security event</em> in one call (R13.4;
 * ISO/IEC 27035's "information security event"), a responder dismisses it with a reason or promotes
 * it to an <em>incident</em>, which is then worked step by step to its closure (R13.1). Some open
 * by themselves, at other services' events ({@code reaction}).
 *
 * <p>Who sees what: staff and tools see the security events that they reported themselves;
 * responders, the CISO and auditors see all of them, and they alone see incidents. One that is
 * restricted is there for the accounts that it names and the CISO alone, with all that hangs on it
 * ({@link io.vigie.incident.IncidentAccess}).
 *
 * <p>Titles, descriptions, reasons and notes are free text that may name people. They stay in this
 * service: no {@link io.vigie.incident.IncidentEvent} and no published state holds them.
 */
package io.vigie.incident;
