package io.vigie.console.service;

import java.util.List;

/** A page of a list. */
public record Items<T>(List<T> items) {}
