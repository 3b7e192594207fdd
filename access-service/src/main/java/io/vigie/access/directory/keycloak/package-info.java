/** Keycloak, through its admin REST API, as a client that may do what is needed and no more. */
package io.vigie.access.directory.keycloak;
