package io.vigie.incident.notice;

import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vigie.incident.monitor.WebPost;
import io.vigie.incident.notice.Addressees.Addressee;

/** Into a room of a chat: the subject and the text of the mail, as one message in JSON. */
@ApplicationScoped
class ChatDelivery implements Delivery {

  private final NoticeSettings settings;
  private final NoticeText texts;
  private final WebPost posts;
  private final ObjectMapper json;

  ChatDelivery(NoticeSettings settings, NoticeText texts, WebPost posts, ObjectMapper json) {
    this.settings = settings;
    this.texts = texts;
    this.posts = posts;
    this.json = json;
  }

  @Override
  public Channel channel() {
    return Channel.CHAT;
  }

  @Override
  public Uni<Void> deliver(Notice notice, Addressee person) {
    NoticeSettings.Chat chat =
        settings
            .chat()
            .orElseThrow(() -> new IllegalStateException("no chat: set vigie.notices.chat"));
    NoticeText.Mail written = texts.of(notice, null);
    return posts.post(chat.url(), Map.of(), message(written.subject() + "\n" + written.text()));
  }

  private String message(String text) {
    try {
      return json.writeValueAsString(Map.of("text", text));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
