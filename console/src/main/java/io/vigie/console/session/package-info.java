/** Who is signed in: what Keycloak gave for them never reaches the browser. */
package io.vigie.console.session;
