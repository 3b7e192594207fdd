/**
 * How the agency answers incidents, before they happen: playbooks by category, approved by somebody
 * else than their author (R13.1), worked through as checklists, exercised at an interval with
 * lessons that somebody follows up (R13.3); and the rota that says who is on call (R14.3).
 *
 * <p>Steps, reasons and lessons are free text that may name people. They stay in this service.
 */
package io.vigie.incident.playbook;
