"""The web pages: plain functions, and two pages over them, Streamlit and Gradio."""
