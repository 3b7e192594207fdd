/**
 * The packaged services together, on the real components, with tokens from the real Keycloak: what
 * no service can show alone, and what faults leave behind.
 */
package io.vigie.system;
