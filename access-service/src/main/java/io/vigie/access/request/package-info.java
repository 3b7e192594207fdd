/**
 * Asking for rights (R4.5, R4.6): who asks, the path of approvals that the policy sets and a
 * request keeps, renewal before the end, elevation for minutes or hours, and breaking the glass,
 * which grants at once and asks afterwards. A request is made in {@code Requests.made} and becomes
 * a right in force in {@code Requests.approve}, each the one place of its kind. What a right is,
 * and how it ends, is {@code entitlement}'s; who stands in for whom, {@code approval}'s.
 */
package io.vigie.access.request;
