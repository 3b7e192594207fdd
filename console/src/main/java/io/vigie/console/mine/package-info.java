/** What is asked of each member of staff: courses to take, documents to acknowledge. */
package io.vigie.console.mine;
