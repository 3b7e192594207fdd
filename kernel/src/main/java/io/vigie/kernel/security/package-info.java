/**
 * Whether somebody may act: the roles of the realm, revocations that bite before a token expires,
 * and refusals as facts of their own.
 */
package io.vigie.kernel.security;
