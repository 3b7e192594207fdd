/** The three dashboards, what is behind each figure, and that they follow what happens. */
package io.vigie.console.dashboard;
