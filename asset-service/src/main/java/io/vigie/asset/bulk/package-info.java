/**
 * Assets in bulk: a table in CSV (RFC 4180) goes into the register, checked as a whole before a row
 * of it is kept, and the register comes out again as CSV or JSON lines. The columns are the same
 * both ways, so that an export, corrected in a spreadsheet, is an import.
 */
package io.vigie.asset.bulk;
