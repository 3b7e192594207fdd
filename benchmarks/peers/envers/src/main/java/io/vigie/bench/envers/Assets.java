package io.vigie.bench.envers;

import java.util.UUID;

import org.springframework.data.jpa.repository.JpaRepository;

/** The table. */
public interface Assets extends JpaRepository<Asset, UUID> {}
