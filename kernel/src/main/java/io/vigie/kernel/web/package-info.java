/**
 * What every REST resource shares: a command is one transaction with one answer ({@link
 * io.vigie.kernel.web.Command}), an answer carries its version ({@link
 * io.vigie.kernel.web.Answer}), a refusal is a problem document ({@link io.vigie.kernel.Problem}),
 * a list is a keyset page ({@link io.vigie.kernel.web.Paging}); and the two rooms that every
 * service has, tasks and operator.
 */
package io.vigie.kernel.web;
