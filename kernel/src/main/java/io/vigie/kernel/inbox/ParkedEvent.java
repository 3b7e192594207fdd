package io.vigie.kernel.inbox;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A record that a listener could not work, or that waits behind such a one of its key. */
@Entity
@Table(name = "parked")
class ParkedEvent {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  Long id;

  String listener;

  @Column(name = "message_key")
  String key;

  String topic;
  int partition;
  long position;

  /** The record's headers as a JSON object. */
  String headers;

  byte[] payload;
  String error;

  @Column(name = "parked_at")
  Instant parkedAt;
}
