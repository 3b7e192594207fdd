/**
 * What the agency must be able to go on with: critical functions, the assets that they depend on
 * with a redundant peer each and its last fail-over test (R14.2), and per function a continuity
 * plan that somebody else than its author approves and that exercises measure (R14.4).
 *
 * <p>Descriptions, steps, scenarios, reasons and lessons are free text that may name people. They
 * stay in this service.
 */
package io.vigie.backup.continuity;
