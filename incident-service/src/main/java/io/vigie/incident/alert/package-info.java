/**
 * What monitoring tells: a server past a threshold, an application that does not answer, an anomaly
 * (R11.4, R11.6, R11.7, R14.1). Alertmanager, Wazuh, producers of CloudEvents and tools of our own
 * tell it in their forms; each is read as {@link io.vigie.incident.alert.Signal}s. Signals of one
 * source with the same labels are one <em>alert</em>: told again it is counted, and no more. Mail
 * goes out while it fires, again and again, and once when that is over. A <em>silence</em> holds
 * mail back for a time, and nothing else.
 *
 * <p>Labels, summaries, notes and reasons may name machines and people. They stay in this service:
 * no event and no published state holds them. How soon and how often is policy: {@code
 * contracts/policy/alerting.json}.
 */
package io.vigie.incident.alert;
