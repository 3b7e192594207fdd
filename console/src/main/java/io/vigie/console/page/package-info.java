/** What every page has: who looks at it, in which language and colours, and what if it fails. */
package io.vigie.console.page;
