/** Home: whoever works here reports what they noticed, in a minute. */
package io.vigie.console.report;
