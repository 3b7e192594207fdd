/**
 * What other services' events open here by themselves, an alert or a security event, and what
 * closes it again once they tell that the cause is gone (R11.4, R14.1). Which event does what is
 * policy: {@code contracts/policy/reactions.json}. What was opened names the event and the object
 * that it follows from ({@link io.vigie.incident.Cause}), and the log finds it by both.
 */
package io.vigie.incident.reaction;
