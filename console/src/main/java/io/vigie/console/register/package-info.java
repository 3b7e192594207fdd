/**
 * Registers and details of the services' objects, each described by {@code
 * register/registers.json}.
 */
package io.vigie.console.register;
