// Kinds of records that the Datagen source makes up: name, and what the records are about.

export const templates = [
  ["TRANSACTIONS", "Card payments in stores"],
  ["ORDERS", "Orders with an address"],
  ["USERS", "Users of a site"],
  ["PAGEVIEWS", "Pages that users look at"],
  ["STOCK_TRADES", "Shares bought and sold"],
  ["CLICKSTREAM", "Requests to a web server"],
  ["INVENTORY", "Products in stock"],
  ["PRODUCT", "Products of a shop"],
  ["PURCHASES", "What was bought in a shop"],
  ["RATINGS", "Ratings with a message"],
  ["STORES", "Stores of a chain"],
  ["CREDIT_CARDS", "Cards and their limits"],
  ["CLICKSTREAM_CODES", "Status codes"],
  ["CLICKSTREAM_USERS", "Users of the web server"],
  ["USERS_", "Users, with arrays and maps"],
  ["FLEET_MGMT_LOCATION", "Where vehicles are"],
  ["PIZZA_ORDERS_COMPLETED", "Pizzas that arrived"],
  ["PIZZA_ORDERS_CANCELLED", "Pizzas that did not"],
  ["GAMING_PLAYER_ACTIVITY", "Points of players"],
  ["PAYROLL_BONUS", "Bonuses of employees"],
];
