/**
 * Audits of the policy (R15.4): planned with a scope, a period and an auditor, who may read during
 * it; findings with an owner and a due date, what was done about each, and its verification by
 * somebody else; evidence that the auditor asks for and the house answers. An audit closes once no
 * finding is left, or is cancelled.
 */
package io.vigie.audit.audit;
