/** What waits for who is there, in all services. */
package io.vigie.console.task;
