/**
 * What scanners find: a scan of an asset comes as SARIF 2.1.0 or as nmap's XML and makes findings,
 * each due by how bad it is (R11.13). A finding is told by tool, rule and place, is open until a
 * later complete scan sees it no more, and may be accepted for a time by somebody else than who
 * asked, or found to be none, with a reason.
 *
 * <p>Messages, places and reasons are other people's text and may name people. They stay in this
 * service: no {@link io.vigie.incident.finding.FindingEvent} and no published state holds them.
 */
package io.vigie.incident.finding;
