/** The policy, rule by rule: where each stands, why, and on which objects it fails. */
package io.vigie.console.control;
