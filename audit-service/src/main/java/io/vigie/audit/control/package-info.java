/**
 * Controls: rules of the policy as queries ({@code contracts/controls}) over the state of the
 * services' objects, which is put together from the log. Green is computed, never typed in.
 *
 * <p>What changed by an event is judged again with it, what time alone changes when that time is
 * there; objects, verdicts and the position in the log move in one transaction. All of it but the
 * history of turns can be made anew from the log at any time, and comes to the same.
 *
 * <p>Figures of dashboards ({@code contracts/kpis}) are queries over the same objects, asked when
 * somebody reads them.
 *
 * <p>Exceptions to rules are objects of this service. Controls know them from the log as they know
 * other services' objects: what fails under one in force does not make its rule red, but amber.
 *
 * <p>Of a rule that no machine can decide somebody says for a time that it holds.
 *
 * <p>Of each rule itself it is asked within its interval whether it is still right (R15.1).
 */
package io.vigie.audit.control;
